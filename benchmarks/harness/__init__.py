"""What runs workloads for contestants: the data, the processes, the numbers. Knows neither of them by name."""
