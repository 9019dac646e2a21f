"""Code written by hand that goes into the SDK: the folder, and the classes it gives."""
