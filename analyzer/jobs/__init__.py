"""Work that takes long: uploads, the table of jobs, and the process that does them."""
