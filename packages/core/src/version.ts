/** Version of the library, as its packages carry it. */
export const libraryVersion = "0.1.0";
