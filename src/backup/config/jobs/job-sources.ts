import type { CommandSource, Hook, Hooks, JobSource } from "../../job.ts";
import type { HookConfig, HooksConfig, SourceConfig } from "../written/job-config.ts";
import type { CommandText } from "../written/words.ts";
import { listed } from "./listed.ts";
import type { LocalPaths } from "./local-paths.ts";

export function jobSources(
	written: SourceConfig | readonly SourceConfig[],
	{ pathOf }: LocalPaths,
): readonly JobSource[] {
	return listed<SourceConfig>(written).map((source) => {
		if (typeof source === "string") return { path: pathOf(source) };
		if ("command" in source) return { name: source.name, command: commandOf(source.command) };
		return { path: pathOf(source.path), ...(source.as === undefined ? {} : { as: source.as }) };
	});
}

function commandOf(written: CommandText): CommandSource["command"] {
	if (typeof written === "string") return shellCommand(written);
	const [program = "", ...args] = written; // not empty, as was checked
	return [program, ...args];
}

/** A line in the words of the shell that the system has. */
function shellCommand(line: string): CommandSource["command"] {
	return process.platform === "win32" ? ["cmd.exe", "/d", "/s", "/c", line] : ["/bin/sh", "-c", line];
}

export function jobHooks(written: HooksConfig = {}): Hooks {
	return {
		before: hooksOf(written.before),
		after: hooksOf(written.after),
		failed: hooksOf(written.failed),
		finally: hooksOf(written.finally),
	};
}

function hooksOf(written: HookConfig | undefined): readonly Hook[] {
	return listed<CommandText & (string | object)>(written).map((hook) => {
		if (typeof hook === "string") return hook;
		const [program = "", ...args] = hook;
		return [program, ...args];
	});
}
