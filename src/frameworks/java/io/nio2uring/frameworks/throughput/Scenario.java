package io.nio2uring.frameworks.throughput;

import java.net.URI;
import java.util.Arrays;

import io.nio2uring.frameworks.Wrk;

/** What is measured. */
enum Scenario {
    /** 64 connections kept open by wrk, one small request in flight on each. */
    TOMCAT("tomcat", "Tomcat, small GETs by wrk on 64 connections, requests/s",
            (port, seconds) -> new Wrk(64, seconds).perSecond(URI.create("http://127.0.0.1:" + port + "/small"))),
    /** 8 sessions, each with one command after the other. */
    SSHD_EXEC("sshd", "SSHD, exec of a command in 8 sessions, commands/s", new ExecLoad()),
    /** 8 sessions, each of which fetches a file again and again. */
    SSHD_SFTP("sshd", "SSHD, SFTP download of 4 MiB in 8 sessions, MiB/s", new SftpLoad());

    final String software;
    final String label;
    final Load load;

    Scenario(String software, String label, Load load) {
        this.software = software;
        this.label = label;
        this.load = load;
    }

    /** By its name, in small letters and with hyphens. */
    static Scenario named(String name) {
        return Arrays.stream(values()).filter(scenario -> scenario.toString().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no scenario '" + name + "'; there are " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
