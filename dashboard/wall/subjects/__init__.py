"""The wall's panels by subject: each has a title, a question of the warehouse and a shape."""
