#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Puts the analyzer, its rules and the hook into a kdump initramfs, and only there.
#
# Asked for by name in an image of another kind (dracut --add kdump-verdict), it makes that image save
# log, verdict and dump by itself.
#
# KDUMP_VERDICT_ROOT (empty but in tests) is a directory that `make install DESTDIR=` filled.

# mkdumprd of the kdump.conf family exports IN_KDUMP; SUSE's asks for the module kdump by name.
kdump_verdict_in_kdump() {
	[[ ${IN_KDUMP-} ]] && return 0
	[[ " ${dracutmodules-} ${add_dracutmodules-} ${force_add_dracutmodules-} " == *" kdump "* ]]
}

kdump_verdict_image_kib() {
	local kib
	# shellcheck disable=SC2154 # dracut sets initdir
	kib=$(du -sk "$initdir")
	echo "${kib%%[!0-9]*}"
}

# What the image got, as sha256sum(1) writes it, in a file for `kdump-verdict doctor`: it tells from
# that whether the image is older than what is installed. Of the files before dracut strips them.
kdump_verdict_stamp() {
	(
		cd "$initdir" || exit
		set -- usr/bin/kdump-verdict usr/lib/kdump-verdict/* usr/share/kdump-verdict/rules/* \
			etc/kdump-verdict/*.conf etc/kdump-verdict/rules.d/*
		cd "${KDUMP_VERDICT_ROOT:-/}" && sha256sum "$@"
	) >"$initdir/usr/lib/kdump-verdict/stamp" 2>/dev/null
}

# called by dracut
check() {
	kdump_verdict_in_kdump || return 255
	[[ -x ${KDUMP_VERDICT_ROOT-}/usr/bin/kdump-verdict ]] && return 0
	dwarn "kdump-verdict: left out of the image: there is no /usr/bin/kdump-verdict"
	return 1
}

# called by dracut
depends() {
	return 0
}

# called by dracut
install() {
	local root=${KDUMP_VERDICT_ROOT-} before file folder hook
	before=$(kdump_verdict_image_kib)

	# Linked libraries come along, at once and not at dracut's end, so that they are counted below.
	# None of them loads others with dlopen().
	DRACUT_RESOLVE_LAZY='' DRACUT_RESOLVE_DEPS=1 inst_binary \
		"$root/usr/bin/kdump-verdict" /usr/bin/kdump-verdict
	for file in "$root"/usr/share/kdump-verdict/rules/*.yaml \
		"$root"/etc/kdump-verdict/rules.d/*.yaml \
		"$root"/etc/kdump-verdict/kdump-verdict.conf \
		"$root"/usr/lib/kdump-verdict/*.sh; do
		[[ -f $file ]] && inst_simple "$file" "${file#"$root"}"
	done

	inst_script "$root/usr/lib/kdump-verdict/kdump-verdict-hook" \
		/usr/lib/kdump-verdict/kdump-verdict-hook
	ln -sfn kdump-verdict-hook "$initdir/usr/lib/kdump-verdict/kdump-verdict-pre"
	inst_multiple -o date dd findmnt head ip mkdir mv nice rm sleep sync tail timeout tr

	# kdump.sh looks into the image for these; where it has no such folders yet (RHEL 7), kdump.conf
	# names the hook. SUSE's kdump-save names it in its configuration.
	if kdump_verdict_in_kdump; then
		for folder in pre.d post.d emergency.d; do
			mkdir -p "$initdir/etc/kdump/$folder"
			ln -sfn /usr/lib/kdump-verdict/kdump-verdict-hook \
				"$initdir/etc/kdump/$folder/50-kdump-verdict.sh"
		done
	else
		inst_multiple -o makedumpfile mount umount
		# With rd.shell=0, dracut-systemd's emergency is called shutdown-emergency.
		for hook in pre-pivot emergency shutdown-emergency; do
			inst_hook "$hook" 01 "$root/usr/lib/kdump-verdict/dracut-standalone.sh"
		done
	fi

	kdump_verdict_stamp || :
	dinfo "kdump-verdict: added $(($(kdump_verdict_image_kib) - before)) KiB before compression"
}
