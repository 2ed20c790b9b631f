module headway.dev/test/apps

go 1.26
