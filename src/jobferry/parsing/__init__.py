"""Reading the texts of a package: here, or in processes beside this one."""
