"""The workloads: each module has its own in `WORKLOADS`, and the report follows the order of the modules' names."""
