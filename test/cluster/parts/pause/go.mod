module headway.dev/test/parts/pause

go 1.26.0
