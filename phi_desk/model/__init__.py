"""One checkpoint family in torch: files, loading, precision, generation."""
