import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Shell } from "../../../src/cli/completion/shells.ts";
import { Program } from "../../support/program.ts";

export function hasShell(shell: Shell): boolean {
	return spawnSync(shell, ["-c", "exit"]).status === 0;
}

/**
 * What a shell offers, without its quoting, for words behind `zipferry`, of which the last is the one to complete.
 *
 * @param script - The completion script.
 */
export async function completeIn(
	shell: Shell,
	script: string,
	cwd: string,
	...words: readonly string[]
): Promise<string[]> {
	const folder = await mkdtemp(join(tmpdir(), "completion-"));
	try {
		await writeFile(join(folder, "script"), script);
		await writeFile(join(folder, "driver"), DRIVERS[shell]);
		const flags = { bash: ["--norc"], zsh: ["-f"], fish: ["--no-config"] }[shell];
		const args = [...flags, join(folder, "driver"), folder, ...words];
		const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, TERM: "dumb" };
		const { stdout, stderr, exitCode } = await new Program(shell, args, { env, cwd }).ended;
		if (exitCode !== 0 || stderr !== "") throw new Error(`${shell} ended with ${exitCode}: ${stderr}`);
		const offers = stdout.split("\n").map((line) => line.split("\t")[0]?.trim().replaceAll("\\", "") ?? "");
		return [...new Set(offers.filter((offer) => offer !== ""))].sort();
	} finally {
		await rm(folder, { recursive: true, force: true, maxRetries: 5 }); // the inner zsh may write its last
	}
}

const DRIVERS: Readonly<Record<Shell, string>> = {
	// Words are split as readline splits them: at = and : as well.
	bash: String.raw`
source "$1/script"
shift
COMP_WORDS=(zipferry)
for word; do
	before=("\${COMP_WORDS[@]}")
	while [[ $word == *[=:]* ]]; do
		part=\${word%%[=:]*}
		rest=\${word#"$part"}
		[[ -n $part ]] && COMP_WORDS+=("$part")
		COMP_WORDS+=("\${rest:0:1}")
		word=\${rest:1}
	done
	[[ -z $word && \${#COMP_WORDS[@]} -gt \${#before[@]} ]] || COMP_WORDS+=("$word")
done
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_zipferry
printf '%s\n' "\${COMPREPLY[@]}"
`.replaceAll("\\${", "${"),

	// Only a line editor on a terminal completes. The answer comes through a pipe: nobody waits for a time.
	zsh: String.raw`
zmodload zsh/zpty
folder=$1
shift
mkfifo $folder/answer
cat > $folder/inner <<'END'
autoload -Uz compinit
compinit -u -d $folder/dump
source $folder/script
compadd() {
	if (( \${argv[(I)-[OAD]]} )); then
		builtin compadd "$@"
		return
	fi
	local -a hits
	builtin compadd -A hits "$@"
	offered+=($hits)
	builtin compadd "$@"
}
answer() {
	offered=()
	_main_complete
	print -rl -- $offered > $folder/answer
	compstate[insert]='' compstate[list]=''
}
zle -C answer complete-word answer
bindkey '^X' answer
print ready > $folder/answer
END
zpty inner zsh -f -i
zpty -w inner "folder=$folder; cd $PWD; source $folder/inner"
: "$(<$folder/answer)"
zpty -w -n inner "zipferry $*"$'\x18'
print -r -- "$(<$folder/answer)"
zpty -d inner
`.replaceAll("\\${", "${"),

	fish: `
source $argv[1]/script
complete -C "zipferry $argv[2..-1]"
`,
};
