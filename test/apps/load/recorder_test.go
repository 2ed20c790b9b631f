// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var epoch = time.UnixMilli(1_700_000_000_000)

func at(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

func TestRecorderLines(t *testing.T) {
	var out bytes.Buffer
	r := newRecorder(&out, epoch)
	r.sent(at(0.1), 2*time.Millisecond, KeepAlive)
	r.sent(at(0.2), 1*time.Millisecond, Fresh)
	r.finished(at(0.3), 100*time.Millisecond, outcome{class: OK, code: 200, version: "v1"}, KeepAlive)
	r.sent(at(0.9), 0, KeepAlive)
	r.finished(at(1.2), 300*time.Millisecond, outcome{class: AppError, code: 500, version: "v2"}, Fresh)
	// Nothing happens in second 2.
	r.finished(at(3.5), 2600*time.Millisecond, outcome{class: LostNon2xx, code: 502, version: "unknown", err: "answered 502 Bad Gateway"}, KeepAlive)
	r.overflowed(at(3.6))
	if _, err := r.end(at(3.7)); err != nil {
		t.Fatal(err)
	}
	none := `"lost":{"non2xx":0,"refused":0,"reset":0,"eof":0,"timeout":0,"overflow":0,"other":0},"lostTotal":0}`
	two := `"lost":{"non2xx":1,"refused":0,"reset":0,"eof":0,"timeout":0,"overflow":1,"other":0},"lostTotal":2`
	want := []string{
		`{"t":1700000000000,"second":0,"due":3,"sent":3,"answered":1,"ok":1,"byVersion":{"v1":1},"appErrors":{},"codes":{"200":1},"p50Ms":100,"p99Ms":100,"maxLagMs":2,` + none,
		`{"t":1700000001000,"second":1,"due":0,"sent":0,"answered":1,"ok":0,"byVersion":{"v2":1},"appErrors":{"v2":1},"codes":{"500":1},"p50Ms":300,"p99Ms":300,"maxLagMs":0,` + none,
		`{"t":1700000002000,"second":2,"due":0,"sent":0,"answered":0,"ok":0,"byVersion":{},"appErrors":{},"codes":{},"p50Ms":null,"p99Ms":null,"maxLagMs":0,` + none,
		`{"t":1700000003000,"second":3,"due":1,"sent":0,"answered":1,"ok":0,"byVersion":{},"appErrors":{},"codes":{"502":1},"p50Ms":2600,"p99Ms":2600,"maxLagMs":0,` + two + `}`,
		`{"summary":true,"startedAt":1700000000000,"endedAt":1700000003700,"due":4,"sent":3,"answered":3,"ok":1,"byVersion":{"v1":1,"v2":1},"appErrors":{"v2":1},"codes":{"200":1,"500":1,"502":1},"p50Ms":300,"p99Ms":2600,"maxLagMs":2,` + two +
			`,"byConnections":{"fresh":{"sent":1,"ok":0,"byVersion":{"v2":1},"lostTotal":0},"keepalive":{"sent":2,"ok":1,"byVersion":{"v1":1},"lostTotal":1}}` +
			`,"examples":[{"t":1700000003500,"class":"non2xx","error":"answered 502 Bad Gateway","code":502,"version":"unknown","connections":"keepalive"},` +
			`{"t":1700000003600,"class":"overflow","error":"not sent: too many requests are unanswered"}]}`,
	}
	got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(got), len(want), out.String())
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d:\n got %s\nwant %s", i, got[i], want[i])
		}
	}
}

func TestRecorderKeepsTheFirstTwentyLosses(t *testing.T) {
	r := newRecorder(&bytes.Buffer{}, epoch)
	for n := range 25 {
		r.sent(at(0), 0, Fresh)
		r.finished(at(0.1), 0, outcome{class: LostReset, err: fmt.Sprint("reset ", n)}, Fresh)
	}
	summary, err := r.end(at(1))
	if err != nil || len(summary.Examples) != 20 || summary.Lost.Reset != 25 {
		t.Fatalf("%d examples of %d, %v", len(summary.Examples), summary.Lost.Reset, err)
	}
	if summary.Examples[19].Error != "reset 19" {
		t.Errorf("last example %+v", summary.Examples[19])
	}
}

func TestEveryLossClassHasItsCount(t *testing.T) {
	for _, class := range []Class{LostNon2xx, LostRefused, LostReset, LostEOF, LostTimeout, LostOverflow, LostOther} {
		var lost Lost
		lost.add(class)
		text, err := json.Marshal(lost)
		if err != nil || !strings.Contains(string(text), fmt.Sprintf("%q:1", class)) || lost.total() != 1 {
			t.Errorf("%s: %s, %v", class, text, err)
		}
	}
}

func TestPercentile(t *testing.T) {
	var hundred []float64
	for n := 1; n <= 100; n++ {
		hundred = append(hundred, float64(n))
	}
	cases := []struct {
		sorted []float64
		p      int
		want   float64
	}{{hundred, 50, 50}, {hundred, 99, 99}, {hundred[:1], 99, 1}, {hundred[:2], 50, 1}, {hundred[:3], 50, 2}, {hundred[:10], 99, 10}}
	for _, c := range cases {
		if got := percentile(c.sorted, c.p); got != c.want {
			t.Errorf("p%d of %d values: %v, want %v", c.p, len(c.sorted), got, c.want)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestRecorderReportsAFailedWrite(t *testing.T) {
	if _, err := newRecorder(fullDisk{}, epoch).end(at(2)); err == nil || err.Error() != "no space left on device" {
		t.Fatalf("got %v", err)
	}
}
