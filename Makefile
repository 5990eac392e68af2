# kdump-verdict: `make run` shows a verdict, `make check` passes all tests, `make` builds.
#
# Packagers: CC, CFLAGS, LDFLAGS, PKG_CONFIG, PREFIX, DESTDIR, SYSCONFDIR, MANDIR, UNITDIR and
# DRACUTMODDIR are yours; V=1 shows the commands; BUILD moves the output.

VERSION := 0.1.0

BUILD ?= build
PREFIX ?= /usr
SYSCONFDIR ?= /etc
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/kdump-verdict
LIBDIR ?= $(PREFIX)/lib/kdump-verdict
DRACUTMODDIR ?= $(PREFIX)/lib/dracut/modules.d
UNITDIR ?= $(PREFIX)/lib/systemd/system
PKG_CONFIG ?= pkg-config

# What a user names: SOURCE= of `make run`, KERNELS= of `make check-vm`.
SAMPLE := tests/dumps/sample-6.1-null.kdump
SOURCE ?= $(SAMPLE)
KERNELS ?= 6.1

LIBS := libkdumpfile libelf zlib yaml-0.1 libpcre2-8 jansson
CFLAGS ?= -O2 -g
SAN ?=
ours_cflags = -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Ianalyzer \
	-DKDV_VERSION='"$(VERSION)"' -DKDV_RULES_DIR='"$(DATADIR)/rules"' \
	-DKDV_LIB_DIR='"$(LIBDIR)"' -DKDV_LOCAL_RULES_DIR='"$(SYSCONFDIR)/kdump-verdict/rules.d"' \
	-DPCRE2_CODE_UNIT_WIDTH=8 -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla $(WERROR) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) \
	$(shell $(PKG_CONFIG) --cflags $(LIBS) 2>/dev/null)
ours_libs = $(if $(SAN),-fsanitize=$(SAN)) $(shell $(PKG_CONFIG) --libs $(LIBS) 2>/dev/null)

Q := $(if $(V),,@)

sources := $(wildcard analyzer/*/*.c) analyzer/main.c
objects := $(sources:%.c=$(BUILD)/%.o)
rooms := $(filter-out $(BUILD)/analyzer/main.o,$(objects))
test_support := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/mkcore.c,$(wildcard tests/dumps/mk*.c)))
unit_tests := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test-*.c))
fuzz_targets := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz-*.c))

.PHONY: all run check check-vm check-packages check-releases unit golden-update fuzz bench corpus analyze lint install clean \
	deps test-deps fuzz-programs replay-programs
.SECONDARY:

all: $(BUILD)/kdump-verdict

$(BUILD)/kdump-verdict: $(objects)
	@echo "  LINK    $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ours_libs)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(ours_cflags) $(CFLAGS) $(CPPFLAGS) -Itests -MMD -MP -c -o $@ $<

# The objects that know where things are installed: made again when PREFIX changes.
$(BUILD)/analyzer/cmd/facts.o $(BUILD)/analyzer/cmd/doctor.o: $(BUILD)/paths
$(BUILD)/paths: FORCE
	@mkdir -p $(@D)
	@echo '$(DATADIR) $(LIBDIR) $(SYSCONFDIR)' | cmp -s - $@ || echo '$(DATADIR) $(LIBDIR) $(SYSCONFDIR)' >$@
FORCE:

$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(rooms) $(test_support)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ours_libs) -lcmocka

# A fuzz target runs under clang's libFuzzer; a fuzz replay is the same target with a small
# main of ours, so that gcc and every sanitizer replay what the fuzzer once found.
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(rooms) $(test_support)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(FUZZ_ENGINE) -o $@ $^ $(ours_libs)
$(BUILD)/replay/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay-main.o $(rooms) $(test_support)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ours_libs)

fuzz-programs: $(fuzz_targets)
replay-programs: $(patsubst $(BUILD)/fuzz/%,$(BUILD)/replay/%,$(fuzz_targets))
.PHONY: unit-programs
unit-programs: $(unit_tests)

# ---- the two commands of the README ---------------------------------------------------

run: deps
	@$(MAKE) --no-print-directory -j"$$(nproc)" all
	@$(BUILD)/kdump-verdict analyze --rules rules --stdout text $(SOURCE)

check: test-deps
	@tests/run

# ---- more tests -------------------------------------------------------------------------

# KERNELS="5.10 6.1 6.12 7.2", CRASHES="sysrq null ...": real crashes in qemu.
check-vm: test-deps all
	@KERNELS="$(KERNELS)" PEERS="$${PEERS-1}" tests/vm/check-vm

# Builds the .deb and the .rpm; installs, upgrades and removes them in a Debian root of their own.
check-packages:
	@packaging/deps packages
	@tests/packages

# RELEASES="bullseye bookworm trixie sid": what builds and works here does so on other Debian releases.
check-releases: test-deps
	@tests/releases/check $(RELEASES)

golden-update: all
	@tests/golden/run --update $(BUILD)/kdump-verdict

# FUZZ_SECONDS each target; findings land in build/fuzz/findings.
fuzz: test-deps
	@FUZZ_SECONDS="$${FUZZ_SECONDS:-600}" tests/fuzz/run

bench: test-deps all
	@tests/bench

# CORPUS=DIR: labelled logs that are not part of this repository, with their score.py.
corpus: all
	@tests/corpus "$(or $(CORPUS),../shared/corpus)" $(BUILD)/kdump-verdict

analyze: deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fanalyzer CFLAGS="-O1 -g -fanalyzer" all

lint: test-deps
	@tests/lint

deps:
	@packaging/deps build
test-deps:
	@packaging/deps test

# ---- install ----------------------------------------------------------------------------

install: all
	install -Dm755 $(BUILD)/kdump-verdict $(DESTDIR)$(PREFIX)/bin/kdump-verdict
	install -d $(DESTDIR)$(DATADIR)/rules $(DESTDIR)$(SYSCONFDIR)/kdump-verdict/rules.d
	install -m644 rules/*.yaml $(DESTDIR)$(DATADIR)/rules/
	install -m644 analyzer/write/verdict.schema.json $(SAMPLE) $(DESTDIR)$(DATADIR)/
	install -Dm755 kdump-hook/kdump-verdict-hook $(DESTDIR)$(LIBDIR)/kdump-verdict-hook
	ln -sf kdump-verdict-hook $(DESTDIR)$(LIBDIR)/kdump-verdict-pre
	install -m755 kdump-hook/kdump-verdict-doctor $(DESTDIR)$(LIBDIR)/
	install -m644 kdump-hook/*.sh $(DESTDIR)$(LIBDIR)/
	chmod 755 $(DESTDIR)$(LIBDIR)/kdump-tools-capture.sh
	install -d $(DESTDIR)$(UNITDIR)
	for unit in kdump-hook/*.service; do \
		sed 's,/usr/bin/,$(PREFIX)/bin/,; s,/usr/lib/kdump-verdict/,$(LIBDIR)/,' $$unit \
			>$(DESTDIR)$(UNITDIR)/$${unit##*/} || exit 1; \
		chmod 644 $(DESTDIR)$(UNITDIR)/$${unit##*/}; \
	done
	[ -e $(DESTDIR)$(SYSCONFDIR)/kdump-verdict/kdump-verdict.conf ] || install -m644 \
		kdump-hook/kdump-verdict.conf $(DESTDIR)$(SYSCONFDIR)/kdump-verdict/
	install -Dm755 dracut/55kdump-verdict/module-setup.sh \
		$(DESTDIR)$(DRACUTMODDIR)/55kdump-verdict/module-setup.sh
	install -Dm644 man/kdump-verdict.8 $(DESTDIR)$(MANDIR)/man8/kdump-verdict.8
	install -Dm644 man/kdump-verdict-rules.5 $(DESTDIR)$(MANDIR)/man5/kdump-verdict-rules.5

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
