"""Jobferry: carries data-pipeline jobs between platforms whose networks never meet."""
