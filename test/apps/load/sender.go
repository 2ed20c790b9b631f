// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const body = `{"item":"teapot","quantity":1}`

// idleTimeout is short so that the client, which can do it without a race, closes idle connections
// before a server that drains does.
const idleTimeout = 2 * time.Second

// sender makes each request exactly once.
type sender struct {
	options   Options
	keepAlive *http.Transport
	fresh     *http.Transport
}

func newSender(options Options) *sender {
	return &sender{options: options, keepAlive: newTransport(options, false), fresh: newTransport(options, true)}
}

func newTransport(options Options, fresh bool) *http.Transport {
	return &http.Transport{
		Proxy:               nil,
		DialContext:         (&net.Dialer{Timeout: options.Timeout}).DialContext,
		DisableCompression:  true,
		DisableKeepAlives:   fresh,
		IdleConnTimeout:     idleTimeout,
		MaxIdleConnsPerHost: options.MaxOutstanding,
	}
}

// connectionsOf says how request n travels.
func (s *sender) connectionsOf(n int) Connections {
	if s.options.Connections != Both {
		return s.options.Connections
	}
	if n%2 == 0 {
		return KeepAlive
	}
	return Fresh
}

// onceReader hides the string reader's type, so that NewRequest cannot fill GetBody. A POST with a
// body that cannot be rewound, and without an Idempotency-Key, is never sent twice by net/http.
type onceReader struct{ io.Reader }

func (s *sender) send(ctx context.Context, connections Connections) outcome {
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.options.URL, onceReader{strings.NewReader(body)})
	if err != nil {
		return outcome{class: LostOther, err: err.Error()}
	}
	request.ContentLength = int64(len(body))
	request.Host = s.options.Host
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "headway-load")

	transport := s.keepAlive
	if connections == Fresh {
		transport = s.fresh
	}
	// RoundTrip, not a Client: a redirect is an answer and is not followed.
	response, err := transport.RoundTrip(request)
	if err != nil {
		return outcome{class: classify(err), err: err.Error()}
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		// A header without its body is no answer.
		return outcome{class: classify(err), version: response.Header.Get(versionHeader), err: err.Error()}
	}
	return answered(response)
}
