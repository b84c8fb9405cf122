import { readSecretFile } from "../../../backup/config/read/secret-file.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { keepSecrets } from "../../../secrets/known-secrets.ts";
import { type Io, writeLine } from "../../terminal/io.ts";

/**
 * The user and the password that `--auth` asks for, `user:password`, which nothing repeats from now on.
 *
 * @throws {InvalidOptionError} without the text of what was given
 */
export function givenAuth(given: string | undefined, { stderr }: Io): string | undefined {
	if (given === undefined) return undefined;
	let credentials = given;
	if (given.startsWith("file:")) {
		const read = readSecretFile(given, process.cwd());
		if ("problem" in read) throw new InvalidOptionError(`the file of --auth ${read.problem}`);
		if (read.warning !== undefined) writeLine(stderr, `warning: ${read.warning}`);
		credentials = read.text;
	} else process.title = "zipferry serve"; // other users would see the words of the command line
	const at = credentials.indexOf(":");
	if (at < 1 || at === credentials.length - 1)
		throw new InvalidOptionError("--auth must be a user and a password, as user:password, or file:/path");
	keepSecrets(credentials, credentials.slice(at + 1));
	return credentials;
}
