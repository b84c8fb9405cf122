import { readFileSync } from "node:fs";

/**
 * Whether the program has the terminal to itself: after Ctrl-Z and `bg`, or behind `&`, the shell has it, and what is
 * drawn would get between the words that are typed there. Where the system does not tell, it has.
 */
export function isForeground(): boolean {
	try {
		const stat = readFileSync("/proc/self/stat", "latin1");
		// pid (name) state ppid pgrp session tty_nr tpgid …; the name may have anything in it.
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		const [group, foreground] = [fields[2], fields[5]];
		return foreground === "-1" || foreground === group;
	} catch {
		return true;
	}
}
