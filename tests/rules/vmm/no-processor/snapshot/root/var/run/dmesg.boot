OpenBSD 7.5 (GENERIC.MP) #82: Wed Mar 20 15:48:40 MDT 2024
cpu0 at mainbus0: apid 0 (boot processor)
