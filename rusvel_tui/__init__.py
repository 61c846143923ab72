"""rusvel: the go-to-market desk of one person who sells what they build."""

__version__ = "0.1.0"
