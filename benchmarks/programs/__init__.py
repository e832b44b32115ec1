"""Programs that start, import many models, get one row by its key and end: for each contestant a module of its name.

Such a module has `files(models, dialect)`, which gives the texts of the program by their paths, and `build(folder)` where
something has to be made of them. A program is started as `main.py` in its folder, finds its database in the environment
(BENCHMARK_URL, and BENCHMARK_DATABASE, _HOST, _PORT, _USER, _PASSWORD), and ends with `_models.ending`.

One of the models is `User`, on the table that the workloads fill; the others have names, fields and relations as `_models`
has them, and no table.
"""
