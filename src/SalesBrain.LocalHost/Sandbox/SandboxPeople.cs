namespace SalesBrain.LocalHost.Sandbox;

/// <summary>The made-up people of all stand-ins. Each run has the same ones, so the vendors know the same people.</summary>
internal static class SandboxPeople
{
    internal const int Count = 5000;

    private static readonly string[] FirstNames =
    [
        "Amara", "Björn", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Kaia", "Lukas", "Mei", "Nils", "Olga",
        "Pablo", "Quinn", "Rosa", "Sven", "Tomás", "Uma", "Viktor", "Wanda", "Xenia", "Yusuf", "Zoé",
    ];

    private static readonly string[] LastNames =
    [
        "Abelheim", "Brookwater", "Castellmar", "Dunfield", "Eichberg", "Fjordsen", "Grünwaldt", "Hollowmere", "Ivanstone", "Jarlsby",
        "Kestrelton", "Lindqvar", "Moorhaven", "Nightingdale", "Ostermark", "Pinegrove", "Quillby", "Ravenscroftly", "Silberbach",
        "Thornfield", "Umbridgeson", "Vallmont", "Westerholt",
    ];

    private static readonly string[] Companies =
        ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Larch", "Maple"];
    private static readonly string[] Kinds = ["Logistics", "Software", "Foods", "Energy", "Health", "Robotics", "Media"];
    private static readonly string[] Titles =
        ["CTO", "Head of Sales", "Marketing Manager", "Founder", "Operations Lead", "Buyer", "Product Owner", "CFO"];

    private static readonly (string City, string Region, string Country, string Phone)[] Places =
    [
        ("Berlin", "Berlin", "Germany", "030 901820"), ("Zürich", "Zürich", "Switzerland", "044 412 11 11"),
        ("Lyon", "Auvergne-Rhône-Alpes", "France", "04 72 10 30 30"), ("Austin", "Texas", "United States", "(512) 974-2000"),
        ("Leeds", "England", "United Kingdom", "0113 222 4444"), ("Porto", "Porto", "Portugal", "222 097 000"),
    ];

    internal static IReadOnlyList<SandboxPerson> All { get; } = [.. Enumerable.Range(0, Count).Select(Create)];

    private static SandboxPerson Create(int i)
    {
        var (first, last) = (FirstNames[i % FirstNames.Length], LastNames[i / 3 % LastNames.Length]);
        var company = $"{Companies[i / 5 % Companies.Length]} {Kinds[i / 11 % Kinds.Length]}";
        var domain = $"{company.Replace(' ', '-').ToLowerInvariant()}.example";
        var place = Places[i % Places.Length];
        return new SandboxPerson(
            i, $"sandbox{i:D5}", first, last, Titles[i / 7 % Titles.Length], company, domain, $"person{i:D4}@{domain}", place.Phone,
            $"https://www.linkedin.com/in/sandbox-person-{i:D4}", place.City, place.Region, place.Country);
    }
}

/// <param name="Index">From 0.</param>
internal sealed record SandboxPerson(
    int Index, string Id, string FirstName, string LastName, string Title, string Company, string Domain, string Email, string Phone,
    string LinkedinUrl, string City, string Region, string Country)
{
    /// <summary>Every tenth person is on a do-not-call list.</summary>
    internal bool IsDoNotCall => Index % 10 == 0;

    /// <summary>As Apollo's search shows it, such as <c>Hu***n</c>.</summary>
    internal string Obfuscated => $"{LastName[..2]}***{LastName[^1]}";
}
