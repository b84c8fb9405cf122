/** Bytes as a number, or a text such as `"16M"`; K, M, G and T are powers of 1024. */
export type SizeText = number | string;
/** Text such as `"30s"`, `"10m"` or `"1d"`; a number counts seconds. */
export type DurationText = number | string;
/** One text, or a list of them. */
export type Texts = string | readonly string[];

/** The programs and arguments of a command, or a line for the shell. */
export type CommandText = string | readonly string[];
