"""Runs a command on a terminal of its own: on-terminal.py COLUMNS COMMAND…

Its output goes to stdout. Lines on stdin: `size COLUMNS` makes the terminal wider or narrower, and puts
ESC ] size ; COLUMNS BEL into the output where that happens; `keys HEX` types. Ends with the exit code.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios

ROWS = 24


def set_size(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))


pid, terminal = pty.fork()
if pid == 0:
    set_size(0, int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])

commands = b""
inputs = [terminal, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if terminal in ready:
        try:
            output = os.read(terminal, 65536)
        except OSError:  # the last process has closed it
            output = b""
        if output == b"":
            break
        os.write(1, output)
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed == b"":
            inputs.remove(0)
        *lines, commands = (commands + typed).split(b"\n")
        for line in lines:
            what, value = line.split(b" ")
            if what == b"size":
                os.write(1, b"\x1b]size;" + value + b"\x07")
                set_size(terminal, int(value))
            else:
                os.write(terminal, bytes.fromhex(value.decode()))
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
