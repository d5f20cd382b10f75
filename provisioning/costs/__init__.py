"""What the declared environments cost: standing, in a drill, and while failed over, from plans and list prices."""
