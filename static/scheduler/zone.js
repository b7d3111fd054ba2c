// Tells the server in which zone the browser is, so that pages show their times in it.
(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const said = `browser_zone=${zone}`;
    if (zone && !document.cookie.split("; ").includes(said)) {
        const secure = location.protocol === "https:" ? "; secure" : "";
        document.cookie = `${said}; path=/; max-age=31536000; samesite=lax${secure}`;
    }
})();
