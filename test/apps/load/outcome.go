// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
)

// Class is how a request ended.
type Class string

const (
	OK Class = "ok"
	// AppError is the app's own deliberate error: an answer, not a loss.
	AppError Class = "appError"

	LostNon2xx   Class = "non2xx"
	LostRefused  Class = "refused"
	LostReset    Class = "reset"
	LostEOF      Class = "eof"
	LostTimeout  Class = "timeout"
	LostOverflow Class = "overflow"
	LostOther    Class = "other"
)

const (
	versionHeader    = "X-Version"
	deliberateHeader = "X-Demo-Error"
	deliberate       = "deliberate"
	unknownVersion   = "unknown"
)

// outcome is what became of one request. Code is 0 without a whole answer; version is what the
// answer's header said, if an answer's header came.
type outcome struct {
	class   Class
	code    int
	version string
	err     string
}

func answered(response *http.Response) outcome {
	o := outcome{class: OK, code: response.StatusCode, version: versionOf(response)}
	if o.code >= 200 && o.code <= 299 {
		return o
	}
	if response.Header.Get(deliberateHeader) == deliberate {
		o.class = AppError
		return o
	}
	o.class = LostNon2xx
	o.err = fmt.Sprintf("answered %s", response.Status)
	return o
}

func versionOf(response *http.Response) string {
	if version := response.Header.Get(versionHeader); version != "" {
		return version
	}
	return unknownVersion
}

// errServerClosedIdle is net/http's text for a kept connection that the server closed before the
// request on it was read; the error itself is not exported.
const errServerClosedIdle = "http: server closed idle connection"

func classify(err error) Class {
	var timeout net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return LostTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return LostRefused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return LostReset
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), err.Error() == errServerClosedIdle:
		return LostEOF
	}
	return LostOther
}
