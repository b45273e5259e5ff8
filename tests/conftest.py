"""No test has a time limit, those that Hypothesis sets by itself included: a busy machine is nobody's mistake."""

import hypothesis

hypothesis.settings.register_profile("without-time-limits", deadline=None)
hypothesis.settings.load_profile("without-time-limits")
