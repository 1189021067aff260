package stream_test

import "testing"

// figure is a metric of the ground's group.
type figure struct {
	there bool
	value float64 // of a gauge or counter; of a histogram, the sum
	count int     // of a histogram
}

func (g *ground) figure(name string) (is figure) {
	g.Helper()
	families, err := g.reg.Gather()
	if err != nil {
		g.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if l := m.GetLabel(); f.GetName() == name && len(l) == 1 && l[0].GetName() == "group" && l[0].GetValue() == g.group {
				h := m.GetHistogram()
				is = figure{true, m.GetGauge().GetValue() + m.GetCounter().GetValue() + h.GetSampleSum(), int(h.GetSampleCount())}
			}
		}
	}
	return is
}

// TestRebalancesAreSaid: each has a line with what changed, is counted, and its time is measured; whether the process is in the
// group is shown while a consumer runs.
func TestRebalancesAreSaid(t *testing.T) {
	t.Parallel()
	const in, count, seconds = "omnicapi_consumer_in_group", "omnicapi_consumer_rebalances_total", "omnicapi_consumer_rebalance_seconds"
	g := newGround(t, 0)
	if g.figure(in).there {
		t.Error("in a group without a consumer")
	}
	member, stop := g.consume((&seen{}).settleAll)
	g.await("the figure", func() bool { return g.figure(in).there })
	if got := g.figure(in).value; got != 0 {
		t.Errorf("in the group %v, and its topic is missing", got)
	}
	g.create(2)
	g.await("the member, and its line", func() bool {
		return member.Ready() == nil && g.figure(count).value == 1 && g.log.with("partitions are assigned") == 1
	})
	if got := g.figure(in).value; got != 1 {
		t.Errorf("in the group: %v", got)
	}
	gained, lost := " gained="+g.topic+"/0,1 ", " lost="+g.topic
	if g.log.with(gained) != 1 || g.log.with(` lost="" `) != 1 || g.log.with("generation=1 partitions=2 ") != 1 {
		t.Errorf("the log does not say the first generation:\n%s", g.log)
	}

	other := newGroundOn(t, g.addrs, 0)
	other.topic, other.group = g.topic, g.group
	_, stopOther := other.consume((&seen{}).settleAll)
	g.await("the loss of a partition", func() bool { return g.log.with(lost) > 0 })
	g.await("the other's partition", func() bool { return other.figure(count).value > 0 })
	stopOther()
	g.await("its return", func() bool { return g.log.with(" gained="+g.topic+"/") >= 2 })
	stop()
	rebalances := g.figure(count).value
	if said := g.log.with("partitions are assigned"); rebalances < 3 || said != int(rebalances) {
		t.Errorf("%v rebalances in %d lines:\n%s", rebalances, said, g.log)
	}
	if h := g.figure(seconds); h.count != int(rebalances) || h.value <= 0 || h.value > patience.Seconds() {
		t.Errorf("durations: %v", h)
	}
	if g.figure(in).there {
		t.Error("in a group after the stop")
	}
}
