// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Upper bounds of the duration histogram, in seconds.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

type seriesKey struct{ code, method string }

type series struct {
	count  uint64
	sum    float64
	counts []uint64
}

// metrics counts answers by code and method; every series also carries the version.
type metrics struct {
	mu      sync.Mutex
	version string
	series  map[seriesKey]*series
}

func newMetrics(version string) *metrics {
	return &metrics{version: version, series: map[seriesKey]*series{}}
}

func (m *metrics) observe(code int, method string, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := seriesKey{strconv.Itoa(code), knownMethod(method)}
	s := m.series[key]
	if s == nil {
		s = &series{counts: make([]uint64, len(buckets))}
		m.series[key] = s
	}
	s.count++
	s.sum += took.Seconds()
	for i, bound := range buckets {
		if took.Seconds() <= bound {
			s.counts[i]++
		}
	}
}

// knownMethod keeps the number of series bounded whatever clients send.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "other"
}

// write renders the Prometheus text exposition format 0.0.4, series in a fixed order.
func (m *metrics) write(w io.Writer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := make([]seriesKey, 0, len(m.series))
	for key := range m.series {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b seriesKey) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.method, b.method))
	})

	var out strings.Builder
	out.WriteString("# HELP http_requests_total Requests answered, by status code and method.\n")
	out.WriteString("# TYPE http_requests_total counter\n")
	for _, key := range keys {
		fmt.Fprintf(&out, "http_requests_total{%s} %d\n", m.labels(key), m.series[key].count)
	}
	out.WriteString("# HELP http_request_duration_seconds Time from request to answer.\n")
	out.WriteString("# TYPE http_request_duration_seconds histogram\n")
	for _, key := range keys {
		m.writeHistogram(&out, key)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (m *metrics) writeHistogram(out *strings.Builder, key seriesKey) {
	const name = "http_request_duration_seconds"
	labels, s := m.labels(key), m.series[key]
	for i, bound := range buckets {
		fmt.Fprintf(out, "%s_bucket{%s,le=\"%s\"} %d\n", name, labels, number(bound), s.counts[i])
	}
	fmt.Fprintf(out, "%s_bucket{%s,le=\"+Inf\"} %d\n", name, labels, s.count)
	fmt.Fprintf(out, "%s_sum{%s} %s\n", name, labels, number(s.sum))
	fmt.Fprintf(out, "%s_count{%s} %d\n", name, labels, s.count)
}

func (m *metrics) labels(key seriesKey) string {
	return fmt.Sprintf(`code="%s",method="%s",version="%s"`, key.code, key.method, escapeLabel(m.version))
}

var labelEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func escapeLabel(value string) string { return labelEscaper.Replace(value) }

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
