"""所见：reads shared by pages, documents and exports."""
