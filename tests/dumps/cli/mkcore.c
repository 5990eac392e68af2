// SPDX-License-Identifier: GPL-2.0-or-later
//
// mkcore TEXT OUT [elf|elf-many|raw|zlib|flat-elf|flat-zlib]: a dump from its description.
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "dumps/mkdump.h"

int main(int argc, char **argv)
{
	static const char *const format[] = {"elf",  "elf-many", "raw",
					     "zlib", "flat-elf", "flat-zlib"};
	unsigned line = 0, which = 0;
	struct mkdump *d;
	FILE *in;
	int fd;

	while (argc == 4 && which < 6 && strcmp(argv[3], format[which]))
		which++;
	if (argc < 3 || argc > 4 || which == 6) {
		fprintf(stderr,
			"usage: mkcore TEXT OUT [elf|elf-many|raw|zlib|flat-elf|flat-zlib]\n");
		return 2;
	}
	in = fopen(argv[1], "r");
	d = in ? mkdump_parse(in, &line) : NULL;
	fd = d ? open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;
	if (fd < 0) {
		fprintf(stderr, "mkcore: %s: line %u: not understood, or no file\n", argv[1],
			line);
		return 1;
	}
	mkdump_write(d, fd, (enum mkdump_format)which);
	mkdump_free(d);
	fclose(in);
	return close(fd) ? 1 : 0;
}
