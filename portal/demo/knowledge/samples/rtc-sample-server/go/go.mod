module example.com/rtctokens

go 1.19
