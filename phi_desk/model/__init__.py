"""One checkpoint family in torch: files, loading, precision, generation; knows no message and no file format of people."""
