"""What has really gone wrong in helpdesk software, each case a test named for it."""
