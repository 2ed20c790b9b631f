// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

func testOptions(url string) Options {
	return Options{
		URL: url, Host: "shop.example", Rate: 100, Connections: KeepAlive, Timeout: 10 * time.Second, MaxOutstanding: 100,
	}
}

func TestOutcomeOfEachKindOfAnswer(t *testing.T) {
	const longHeader = "HTTP/1.1 200 OK\r\nX-Version: v1\r\nContent-Length: 100\r\n\r\nonly this"
	cases := []struct {
		name    string
		do      script
		class   Class
		code    int
		version string
		err     string
	}{
		{"200 of a version", say("200 OK", "hi", "X-Version: v1"), OK, 200, "v1", ""},
		{"201 without a version", say("201 Created", ""), OK, 201, "unknown", ""},
		{"deliberate error", say("500 Internal Server Error", "no", "X-Version: v2", "X-Demo-Error: deliberate"), AppError, 500, "v2", ""},
		{"500 that is not deliberate", say("500 Internal Server Error", "no", "X-Version: v2"), LostNon2xx, 500, "v2", "answered 500 Internal Server Error"},
		{"502", say("502 Bad Gateway", "Bad Gateway"), LostNon2xx, 502, "unknown", "answered 502 Bad Gateway"},
		{"503", say("503 Service Unavailable", "no available server"), LostNon2xx, 503, "unknown", "answered 503 Service Unavailable"},
		{"504", say("504 Gateway Timeout", ""), LostNon2xx, 504, "unknown", "answered 504 Gateway Timeout"},
		{"404", say("404 Not Found", ""), LostNon2xx, 404, "unknown", "answered 404 Not Found"},
		{"redirect", say("307 Temporary Redirect", "", "Location: /elsewhere"), LostNon2xx, 307, "unknown", "answered 307 Temporary Redirect"},
		{"closed without an answer", hangUp, LostEOF, 0, "", "EOF"},
		{"closed within the header", raw("HTTP/1.1 200 OK\r\n"), LostEOF, 0, "", "unexpected EOF"},
		{"closed within a header line", raw("HTTP/1.1 200 OK\r\nX-Ver"), LostOther, 0, "", "malformed MIME header"},
		{"closed within the body", raw(longHeader), LostEOF, 0, "v1", "unexpected EOF"},
		{"reset", reset, LostReset, 0, "", "connection reset by peer"},
		{"reset within the body", func(t turn) bool {
			fmt.Fprint(t.conn, "HTTP/1.1 200 OK\r\nX-Version: v1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
			return reset(t)
		}, LostReset, 0, "", "connection reset by peer"},
		{"not HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), LostOther, 0, "", "malformed HTTP"},
	}
	for _, c := range cases {
		for _, connections := range []Connections{KeepAlive, Fresh} {
			t.Run(c.name+"/"+string(connections), func(t *testing.T) {
				server := serve(t, c.do)
				got := newSender(testOptions(server.url)).send(context.Background(), connections)
				// A reset may overtake the header that was sent before it.
				version := c.version
				if c.name == "reset within the body" {
					version = got.version
				}
				if got.class != c.class || got.code != c.code || got.version != version || !strings.Contains(got.err, c.err) {
					t.Errorf("got %+v", got)
				}
				if (got.err == "") != (c.err == "") {
					t.Errorf("error %q, want %q", got.err, c.err)
				}
				if n := server.requests.Load(); n != 1 {
					t.Errorf("the server saw %d requests", n)
				}
			})
		}
	}
}

func TestRefused(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	got := newSender(testOptions("http://"+listener.Addr().String())).send(context.Background(), KeepAlive)
	if got.class != LostRefused || !strings.Contains(got.err, "connection refused") {
		t.Fatalf("got %+v", got)
	}
}

func TestTimeout(t *testing.T) {
	half := func(t turn) bool {
		fmt.Fprint(t.conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
		return silent(t)
	}
	for name, do := range map[string]script{"no answer": silent, "half an answer": half} {
		t.Run(name, func(t *testing.T) {
			options := testOptions(serve(t, do).url)
			options.Timeout = 100 * time.Millisecond
			if got := newSender(options).send(context.Background(), KeepAlive); got.class != LostTimeout || got.code != 0 {
				t.Fatalf("got %+v", got)
			}
		})
	}
}

// A kept connection that breaks under its second request is where net/http would retry.
func TestNeverRetries(t *testing.T) {
	cases := []struct {
		name  string
		next  script
		class Class
	}{{"closed", hangUp, LostEOF}, {"reset", reset, LostReset}}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server := serve(t, afterFirst(c.next))
			s := newSender(testOptions(server.url))
			if first := s.send(context.Background(), KeepAlive); first.class != OK {
				t.Fatalf("first: %+v", first)
			}
			if second := s.send(context.Background(), KeepAlive); second.class != c.class {
				t.Fatalf("second: %+v", second)
			}
			if requests, connections := server.requests.Load(), server.connections.Load(); requests != 2 || connections != 1 {
				t.Fatalf("the server saw %d requests on %d connections, want 2 on 1", requests, connections)
			}
		})
	}
}

func TestConnections(t *testing.T) {
	cases := []struct {
		connections Connections
		opened      int64
	}{{KeepAlive, 1}, {Fresh, 6}, {Both, 4}}
	for _, c := range cases {
		server := serve(t, say("200 OK", "hi", "X-Version: v1"))
		options := testOptions(server.url)
		options.Connections = c.connections
		s := newSender(options)
		for n := range 6 {
			if got := s.send(context.Background(), s.connectionsOf(n)); got.class != OK {
				t.Fatalf("%s: %+v", c.connections, got)
			}
		}
		if got := server.connections.Load(); got != c.opened {
			t.Errorf("%s: 6 requests opened %d connections, want %d", c.connections, got, c.opened)
		}
	}
}

func TestRequestOnTheWire(t *testing.T) {
	seen := make(chan *http.Request, 1)
	server := serve(t, func(t turn) bool {
		seen <- t.request
		return say("200 OK", "")(t)
	})
	newSender(testOptions(server.url)).send(context.Background(), KeepAlive)
	got := <-seen
	if got.Method != "POST" || got.Host != "shop.example" || got.URL.Path != "/orders" {
		t.Errorf("%s %s%s", got.Method, got.Host, got.URL.Path)
	}
	if got.ContentLength != int64(len(body)) || len(got.TransferEncoding) != 0 {
		t.Errorf("length %d, transfer encoding %v", got.ContentLength, got.TransferEncoding)
	}
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key", "Accept-Encoding"} {
		if value, ok := got.Header[name]; ok {
			t.Errorf("header %s: %v", name, value)
		}
	}
}

func TestClassifyErrorsThatALocalServerCannotProvoke(t *testing.T) {
	cases := []struct {
		err  error
		want Class
	}{
		{&net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH}, LostOther},
		{&net.OpError{Op: "write", Err: syscall.EPIPE}, LostReset},
		{&net.OpError{Op: "dial", Err: syscall.ETIMEDOUT}, LostTimeout},
		{fmt.Errorf("dial: %w", context.DeadlineExceeded), LostTimeout},
		{fmt.Errorf("http: server closed idle connection"), LostEOF},
		{fmt.Errorf("http: transport connection broken: %w", io.EOF), LostEOF},
		{&net.OpError{Op: "dial", Err: syscall.EMFILE}, LostOther},
	}
	for _, c := range cases {
		if got := classify(c.err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}
