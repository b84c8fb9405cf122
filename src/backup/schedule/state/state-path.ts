import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Where the state of the schedule of a config file belongs: in the state directory of a systemd service, or in that of
 * the user (XDG Base Directory Specification).
 *
 * @param config - Path of the config file.
 * @param jobs - Names of the jobs that were asked for, if not all were: a process for each may share a config.
 */
export function statePath(
	config: string,
	jobs: readonly string[],
	env: NodeJS.ProcessEnv,
	home: string = homedir(),
): string {
	const { STATE_DIRECTORY = "", XDG_STATE_HOME = "" } = env;
	const [service = ""] = STATE_DIRECTORY.split(":");
	const facts = JSON.stringify([config, ...[...jobs].sort()]);
	const name = `schedule-${createHash("sha256").update(facts).digest("hex").slice(0, 12)}.json`;
	if (isAbsolute(service)) return join(service, name);
	// One that is relative is to be ignored, says the specification.
	const states = isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(home, ".local", "state");
	return join(states, "zipferry", name);
}
