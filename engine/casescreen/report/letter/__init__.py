"""The draft letter in Word, each statement of which can be followed to its findings."""
