// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// turn is one request as the scripted server sees it: the connection's number, the request's number
// on that connection, both from 0, and a channel that closes when the test ends.
type turn struct {
	conn    *net.TCPConn
	number  int
	request *http.Request
	over    <-chan struct{}
}

// script answers one request with whatever bytes it likes and says whether to keep the connection.
type script func(turn) (keep bool)

type scripted struct {
	url         string
	requests    atomic.Int64
	connections atomic.Int64
}

func serve(t *testing.T, do script) *scripted {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{url: "http://" + listener.Addr().String() + "/orders"}
	over := make(chan struct{})
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			open.Go(func() { s.converse(conn.(*net.TCPConn), do, over) })
		}
	})
	t.Cleanup(func() {
		close(over)
		_ = listener.Close()
		open.Wait()
	})
	return s
}

func (s *scripted) converse(conn *net.TCPConn, do script, over <-chan struct{}) {
	defer conn.Close()
	go func() {
		<-over
		_ = conn.SetDeadline(time.Now())
	}()
	reader := bufio.NewReader(conn)
	for number := 0; ; number++ {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		s.requests.Add(1)
		if !do(turn{conn: conn, number: number, request: request, over: over}) {
			return
		}
	}
}

// say writes an answer with the header lines given.
func say(status string, body string, headers ...string) script {
	return func(t turn) bool {
		fmt.Fprintf(t.conn, "HTTP/1.1 %s\r\nContent-Length: %d\r\n", status, len(body))
		for _, header := range headers {
			fmt.Fprintf(t.conn, "%s\r\n", header)
		}
		fmt.Fprintf(t.conn, "\r\n%s", body)
		return true
	}
}

func raw(text string) script {
	return func(t turn) bool {
		fmt.Fprint(t.conn, text)
		return false
	}
}

func hangUp(turn) bool { return false }

func reset(t turn) bool {
	_ = t.conn.SetLinger(0)
	return false
}

func silent(t turn) bool {
	<-t.over
	return false
}

// afterFirst answers the first request of each connection and does otherwise with the next.
func afterFirst(next script) script {
	first := say("200 OK", "hello", "X-Version: v1")
	return func(t turn) bool {
		if t.number == 0 {
			return first(t)
		}
		return next(t)
	}
}
