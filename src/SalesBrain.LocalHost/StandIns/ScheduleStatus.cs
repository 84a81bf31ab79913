namespace Microsoft.Azure.Functions.Worker;

/// <summary>Stands in for the official type: when a timer ran last and when it is due, in UTC.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
