module example.com/vigilserver

go 1.19
