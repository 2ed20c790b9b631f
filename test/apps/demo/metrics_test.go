// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
	"time"
)

func rendered(t *testing.T, m *metrics) string {
	t.Helper()
	var out strings.Builder
	if err := m.write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const noSeries = `# HELP http_requests_total Requests answered, by status code and method.
# TYPE http_requests_total counter
# HELP http_request_duration_seconds Time from request to answer.
# TYPE http_request_duration_seconds histogram
`

func TestMetricsWithoutTraffic(t *testing.T) {
	if got := rendered(t, newMetrics("v1")); got != noSeries {
		t.Fatalf("got:\n%s", got)
	}
}

const twoSeries = `# HELP http_requests_total Requests answered, by status code and method.
# TYPE http_requests_total counter
http_requests_total{code="200",method="POST",version="v2"} 3
http_requests_total{code="500",method="GET",version="v2"} 1
# HELP http_request_duration_seconds Time from request to answer.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="0.005"} 1
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="0.01"} 1
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="0.025"} 1
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="0.05"} 1
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="0.1"} 1
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="0.25"} 2
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="0.5"} 2
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="1"} 2
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="2.5"} 2
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="5"} 2
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="10"} 2
http_request_duration_seconds_bucket{code="200",method="POST",version="v2",le="+Inf"} 3
http_request_duration_seconds_sum{code="200",method="POST",version="v2"} 16.13
http_request_duration_seconds_count{code="200",method="POST",version="v2"} 3
`

func TestMetricsExposition(t *testing.T) {
	m := newMetrics("v2")
	m.observe(500, "GET", 20*time.Millisecond)
	// 5 ms lies on the first bound: le means "less or equal".
	m.observe(200, "POST", 5*time.Millisecond)
	m.observe(200, "POST", 125*time.Millisecond)
	m.observe(200, "POST", 16*time.Second)
	got := rendered(t, m)
	if !strings.HasPrefix(got, twoSeries) {
		t.Fatalf("got:\n%s", got)
	}
	rest := strings.TrimPrefix(got, twoSeries)
	if lines := strings.Count(rest, "\n"); lines != len(buckets)+3 {
		t.Errorf("the second histogram has %d lines, want %d:\n%s", lines, len(buckets)+3, rest)
	}
}

func TestMetricsBoundsMethodsAndEscapesLabels(t *testing.T) {
	m := newMetrics("a\"b\\c\nd")
	m.observe(200, "BREW", 0)
	m.observe(200, "WHEN", 0)
	want := `http_requests_total{code="200",method="other",version="a\"b\\c\nd"} 2` + "\n"
	if got := rendered(t, m); !strings.Contains(got, want) {
		t.Fatalf("got:\n%s\nwant the line:\n%s", got, want)
	}
}
