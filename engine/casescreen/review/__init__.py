"""What is read by people: samples, enquiry sheets, two readers' answers, and what is signed."""
