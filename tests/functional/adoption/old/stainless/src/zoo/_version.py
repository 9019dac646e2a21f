__title__ = "zoo"
__version__ = "1.4.0"
