/** The only address there is: IPv4's own machine. Nothing listens on `::1`, and nothing is answered under its name. */
export const loopback = '127.0.0.1';
