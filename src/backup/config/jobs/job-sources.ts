import { InvalidOptionError } from "../../../errors.ts";
import { looksLikeS3Url, parseS3PrefixUrl } from "../../../s3/address.ts";
import type { StorageOptions } from "../../../s3/options.ts";
import { looksLikeAddress } from "../../../sources/address.ts";
import type { CommandSource, Hook, Hooks, JobSource } from "../../job.ts";
import type { HookConfig, HooksConfig, SourceConfig } from "../written/job-config.ts";
import type { SourceStorageConfig } from "../written/upload-config.ts";
import type { CommandText } from "../written/words.ts";
import { listed } from "./listed.ts";
import type { LocalPaths } from "./local-paths.ts";
import { storageSettings } from "./storage-settings.ts";

export function jobSources(
	written: SourceConfig | readonly SourceConfig[],
	paths: LocalPaths,
): readonly JobSource[] {
	const { pathOf } = paths;
	return listed<SourceConfig>(written).map((source) => {
		if (typeof source === "string")
			return looksLikeAddress(source) ? { url: address(source) } : { path: pathOf(source) };
		if ("command" in source) return { name: source.name, command: commandOf(source.command) };
		const as = source.as === undefined ? {} : { as: source.as };
		if ("path" in source) return { path: pathOf(source.path), ...as };
		const storage = source.storage === undefined ? {} : { storage: storageOf(source.storage, paths) };
		if ("url" in source) return { url: address(source.url), ...as, ...storage };
		const { archive, entry } = source;
		const location = looksLikeAddress(archive) ? address(archive) : pathOf(archive);
		return { archive: location, ...(entry === undefined ? {} : { entry }), ...as, ...storage };
	});
}

function storageOf(written: SourceStorageConfig, paths: LocalPaths): StorageOptions {
	if (written.account !== undefined && written.provider !== "r2")
		throw new InvalidOptionError("the account of a storage does nothing without provider: r2");
	return storageSettings(written, paths);
}

/** @throws {InvalidOptionError} for an address of a bucket that no bucket can have */
function address(text: string): string {
	if (looksLikeS3Url(text)) parseS3PrefixUrl(text);
	return text;
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
