"""The model as a whole: built, turned into ONNX, logged."""
