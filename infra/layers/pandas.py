"""No pandas, said before the managed layer's is found: ``infra.build`` lays this at the top of the functions' package.

pyarrow imports pandas at the first array it makes, wherever it is installed. Nothing of ours uses it, and it would cost
every cold start 0.7 s of CPU and 40 MB (measured: ``bench/ingest.py``).
"""

raise ModuleNotFoundError("pandas is kept out of these functions: see infra/layers/pandas.py", name="pandas")
