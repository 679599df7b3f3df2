"""Which microphones, cameras and screens this machine has; opens none of them, keeps no state.

A driver may hang: whoever lists devices for a person does it with a time limit.
"""
