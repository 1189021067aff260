package admin

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// The kernel's tables of this network namespace's TCP sockets (proc(5)).
const (
	table4 = "/proc/self/net/tcp"
	table6 = "/proc/self/net/tcp6"
)

// looks is how often the tables are read: a row may be missed while others come and go.
const looks = 3

// ownerOf finds the row of the peer's socket. An IPv4 connection of an IPv6 socket is in the other table. Only a table that is not
// there is errNoTable: one that cannot be opened, for want of descriptors say, must let nobody in.
func ownerOf(peer, own netip.AddrPort) (uid int, err error) {
	for range looks {
		if peer.Addr().Is4() {
			if uid, err = search(table4, row(peer, false), row(own, false)); !errors.Is(err, errNotInTable) {
				return uid, err
			}
		}
		uid, err = search(table6, row(peer, true), row(own, true))
		if errors.Is(err, errNoTable) && peer.Addr().Is4() {
			err = errNotInTable // a system without IPv6
		}
		if !errors.Is(err, errNotInTable) {
			return uid, err
		}
	}
	return 0, err
}

// row writes an address as the tables do: words of the machine's byte order in hexadecimal, then the port.
func row(a netip.AddrPort, wide bool) string {
	var b strings.Builder
	octets := a.Addr().AsSlice()
	if wide {
		wide := a.Addr().As16()
		octets = wide[:]
	}
	for ; len(octets) > 0; octets = octets[4:] {
		fmt.Fprintf(&b, "%08X", binary.NativeEndian.Uint32(octets))
	}
	fmt.Fprintf(&b, ":%04X", a.Port())
	return b.String()
}

// search reads a table up to the row of the socket that has the address local and is connected to remote.
func search(table, local, remote string) (uid int, err error) {
	f, err := os.Open(table)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, errNoTable
	}
	if err != nil {
		return 0, fmt.Errorf("reading whose connection it is: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	pair := " " + local + " " + remote + " "
	rows := bufio.NewScanner(f)
	for rows.Scan() {
		if !strings.Contains(rows.Text(), pair) {
			continue
		}
		const user, inode = 7, 9
		columns := strings.Fields(rows.Text())
		if len(columns) <= inode || columns[inode] == "0" {
			return 0, errClosed // such a socket may be said to be root's
		}
		return strconv.Atoi(columns[user])
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("reading whose connection it is: %w", err)
	}
	return 0, errNotInTable
}
