import { fileURLToPath } from "node:url";

/** A program that writes archives. */
export interface Writer {
	readonly name: string;
	/** The program, to be looked for. */
	readonly program: string;
	/** The arguments that have it archive all that is in the working directory. */
	args(archive: string, tree: string): readonly string[];
	/** What it keeps of the tree besides names and contents. */
	readonly keeps: {
		readonly modes?: true;
		readonly symlinks?: true;
		readonly emptyDirectories?: true;
		/** Times as instants; otherwise local time without its zone, which is UTC in these tests. */
		readonly times?: true;
	};
	/** Takes seconds to start. */
	readonly slow?: true;
}

function script(name: string): string {
	return fileURLToPath(new URL(name, import.meta.url));
}

export const WRITERS: readonly Writer[] = [
	{
		name: "Info-ZIP",
		program: "zip",
		args: (archive) => ["-q", "-r", "-y", archive, "."],
		keeps: { modes: true, symlinks: true, emptyDirectories: true, times: true },
	},
	{
		name: "Info-ZIP to a pipe",
		program: "sh",
		args: (archive) => [
			"-c",
			'command -v zip >/dev/null || exit 127; zip -q -r - . | cat > "$1"',
			"sh",
			archive,
		],
		keeps: { modes: true, emptyDirectories: true, times: true },
	},
	{
		name: "Info-ZIP, with ZIP64 forced",
		program: "zip",
		args: (archive) => ["-q", "-r", "-y", "-fz", archive, "."],
		keeps: { modes: true, symlinks: true, emptyDirectories: true, times: true },
	},
	{
		name: "7-Zip",
		program: "7z",
		args: (archive) => ["a", "-tzip", "-bd", archive, "."],
		keeps: { emptyDirectories: true, times: true },
	},
	{
		name: "bsdtar",
		program: "bsdtar",
		args: (archive) => ["-c", "--format", "zip", "-f", archive, "."],
		keeps: { modes: true, symlinks: true, emptyDirectories: true, times: true },
	},
	{
		name: "Python",
		program: "python3",
		args: (archive, tree) => [script("write.py"), archive, tree],
		keeps: { modes: true, emptyDirectories: true },
	},
	{
		name: "Python to a pipe",
		program: "python3",
		args: (archive, tree) => [script("write.py"), archive, tree, "pipe"],
		keeps: { modes: true, emptyDirectories: true },
	},
	{
		name: "PHP",
		program: "php",
		args: (archive, tree) => [script("write.php"), archive, tree],
		keeps: { emptyDirectories: true },
	},
	{
		name: "Java",
		program: "jar",
		args: (archive) => ["--create", "--no-manifest", "--file", archive, "."],
		keeps: { emptyDirectories: true },
		slow: true,
	},
	{
		name: "Go",
		program: "go",
		args: (archive, tree) => ["run", script("write.go"), archive, tree],
		keeps: { modes: true },
		slow: true,
	},
];
