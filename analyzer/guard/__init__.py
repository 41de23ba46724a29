"""The only way from the database to what pages, downloads and role exports show of employees."""
