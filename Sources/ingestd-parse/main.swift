print("ingestd-parse")
