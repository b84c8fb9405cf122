import { homedir } from "node:os";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { InvalidOptionError } from "../../errors.ts";
import { shorten } from "../../secrets/shorten.ts";

const LONGEST_NAME = 100;
const MOST_NAMES = 20;

/**
 * Looks whether the profile that is asked for exists. The SDK takes one that does not for an empty one, and goes on
 * to look for credentials elsewhere: on a server of a cloud it would find those of the server.
 *
 * @throws {InvalidOptionError}
 */
export async function checkProfile(given: string | undefined): Promise<void> {
	const wanted = given ?? process.env["AWS_PROFILE"];
	// What everybody has, whether or not anything is set in it.
	if (!wanted || wanted === "default") return;
	const { configFile, credentialsFile } = await loadSharedConfigFiles();
	const names = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])]
		.filter((name) => !/^(sso-session|services)\./.test(name))
		.sort();
	if (names.includes(wanted)) return;
	const shown = names.slice(0, MOST_NAMES).map((name) => shorten(name, LONGEST_NAME));
	const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
	const there = names.length === 0 ? "there is none" : `there is ${shown.join(", ")}${more}`;
	const from = given === undefined ? " of AWS_PROFILE" : "";
	throw new InvalidOptionError(
		`the profile "${shorten(wanted, LONGEST_NAME)}"${from} does not exist in ${configPath()} or ${credentialsPath()}; ${there}`,
		{ option: "profile" },
	);
}

function configPath(): string {
	return process.env["AWS_CONFIG_FILE"] ?? join(homedir(), ".aws", "config");
}

function credentialsPath(): string {
	return process.env["AWS_SHARED_CREDENTIALS_FILE"] ?? join(homedir(), ".aws", "credentials");
}
